#!/usr/bin/env node
// The `countersign` command: finds a Node new enough (this one, or the one npm installed beside it) and hands over to the CLI.
'use strict'
var fs = require('fs')
var path = require('path')
var child = require('child_process')

var root = path.join(__dirname, '..')
var parts = process.versions.node.split('.').map(Number)
var fits = parts[0] > 22 || (parts[0] === 22 && parts[1] >= 14)
var name = process.platform === 'win32' ? 'node.exe' : 'node'
var platform = process.platform === 'win32' ? 'win' : process.platform
var shipped = path.join(root, 'node_modules', 'node-' + platform + '-' + process.arch, 'bin', name)
var node = fits ? process.execPath : shipped
if (!fits && !fs.existsSync(shipped)) {
  console.error('Countersign needs Node 22.14 or newer; this is Node ' + process.versions.node + '. Run "npm ci" first.')
  process.exit(2)
}
var main = path.join(root, 'electron', 'cli', 'main.ts')
var running = child.spawn(node, [main].concat(process.argv.slice(2)), { stdio: 'inherit' })
;['SIGINT', 'SIGTERM', 'SIGHUP'].forEach(function (signal) {
  process.on(signal, function () {
    running.kill(signal)
  })
})
running.on('exit', function (code, signal) {
  process.exit(signal ? 1 : code)
})
