// Runs before every npm script, on whatever Node the machine has: plain CommonJS, nothing imported beyond fs and path.
// Node 22.14 or newer goes through. On an older one the Node 24 that npm installed for this platform is put on the
// scripts' path, because native modules crash without a message on an old Node.
'use strict'
var fs = require('fs')
var path = require('path')

var parts = process.versions.node.split('.').map(Number)
if (parts[0] > 22 || (parts[0] === 22 && parts[1] >= 14)) process.exit(0)

var windows = process.platform === 'win32'
var platform = windows ? 'win' : process.platform
var name = windows ? 'node.exe' : 'node'
var modules = path.join(__dirname, '..', 'node_modules')
var shipped = path.join(modules, 'node-' + platform + '-' + process.arch, 'bin', name)
var link = path.join(modules, '.bin', name)

if (!fs.existsSync(shipped)) {
  console.error(
    'Countersign needs Node 22.14 or newer; this is Node ' + process.versions.node + '.\n' +
      'Run "npm ci" (it brings Node 24 for Linux and Windows), or install a newer Node.'
  )
  process.exit(1)
}
if (!fs.existsSync(link)) {
  fs.mkdirSync(path.dirname(link), { recursive: true })
  if (windows) fs.copyFileSync(shipped, link)
  else fs.symlinkSync(path.relative(path.dirname(link), shipped), link)
}
