// Plain JavaScript, loaded before everything: an older Node must be able to read it and say what is wrong.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `Kernlijn needs Node 22.18 or newer, and this is Node ${process.versions.node}.\n` +
      'Run it through npm (npm start, npm test): npm install puts a Node 24 in node_modules for Linux. Elsewhere install Node 24.',
  );
  process.exit(1);
}
