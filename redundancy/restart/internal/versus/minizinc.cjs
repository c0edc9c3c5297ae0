// Runs MiniZinc from the npm package minizinc, which is WebAssembly for a browser's worker, and prints its messages, one a line.
//
//	node minizinc.cjs DIRECTORY argument...
//
// DIRECTORY is that of the package. Arguments that are files are read; the rest is passed on.
'use strict'
const fs = require('fs')
const path = require('path')

const [packaged, ...given] = process.argv.slice(2)
const inside = name => path.join(packaged, 'dist', name)
const files = {}
const args = given.map(argument => {
  if (!fs.existsSync(argument)) return argument
  const name = path.basename(argument)
  files[name] = fs.readFileSync(argument, 'utf8')
  return name
})

// What the worker expects of a browser.
let tell
globalThis.addEventListener = (_, listener) => { tell = listener }
globalThis.postMessage = message => {
  if (message.type === 'ready') return tell({ data: { jsonStream: true, args, files } })
  fs.writeSync(1, JSON.stringify(message) + '\n')
  if (message.type === 'exit') process.exit(message.code)
}

const worker = inside('minizinc-worker.js')
new Function('require', '__filename', '__dirname', fs.readFileSync(worker, 'utf8'))(require, worker, path.dirname(worker))
tell({ data: { wasmURL: inside('minizinc.wasm'), dataURL: inside('minizinc.data') } })
