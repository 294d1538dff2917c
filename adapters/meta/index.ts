export { instagram, messenger } from "./page.ts";
export { whatsapp } from "./whatsapp.ts";
