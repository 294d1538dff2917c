export { createFakePigeon } from "../../adapters/example/pigeon-fake.ts";
