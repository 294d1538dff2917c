/** Plain JavaScript, so that a Node too old to read our sources can still say so. */
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `Xiaoer needs Node 22.18 or newer and this is Node ${process.versions.node}; "npm ci" brings the right one for "npm start" and "npm test" if your npm lets the "node" package run its install script.`,
  );
  process.exit(1);
}
