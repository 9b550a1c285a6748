/**
 * In place of `@protobufjs/inquire`, which hides its `require` from bundlers: the modules that `protobufjs` asks for by
 * name. Without `long`, 64-bit integers of Tablestore would be read as numbers where the bundle is deployed, and only
 * there.
 */
const modules = { buffer: require('node:buffer'), long: require('long') }

module.exports = (name) => modules[name] ?? null
