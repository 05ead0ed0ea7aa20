import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readArguments } from '../../electron/desktop/arguments.ts'
import { approvalOfLink, linkOfArguments } from '../../electron/desktop/deep-link.ts'
import { trayIsSeen } from '../../electron/desktop/tray.ts'
import { readWindowState, visibleBounds, writeWindowState } from '../../electron/desktop/window-state.ts'
import { temporaryFolder } from './support.ts'

const fresh = { bounds: null, maximized: false, hintShown: false }

it('remembers where the window was, and starts fresh from anything unreadable', () => {
  const file = join(temporaryFolder(), 'deep', 'window.json')
  const state = { bounds: { x: -5, y: 10, width: 800, height: 600 }, maximized: true, hintShown: true }
  expect(readWindowState(file)).toEqual(fresh)
  writeWindowState(file, state)
  expect(readWindowState(file)).toEqual(state)
  for (const text of [
    '',
    '{',
    'null',
    '[]',
    '7',
    '{"bounds":{"x":"1"}}',
    '{"bounds":{"x":0,"y":0,"width":1,"height":1e9}}',
    '{"maximized":"yes"}',
  ]) {
    writeFileSync(file, text)
    expect(readWindowState(file)).toEqual(fresh)
  }
})

it('does no harm where nothing can be remembered', () => {
  const folder = join(temporaryFolder(), 'window.json')
  mkdirSync(folder)
  writeWindowState(folder, fresh)
  expect(readWindowState(folder)).toEqual(fresh)
})

it('returns to its place only while enough of it can be seen', () => {
  const screen = { x: 0, y: 0, width: 1920, height: 1080 }
  const at = (x: number, y: number) => ({ x, y, width: 900, height: 700 })
  expect(
    [at(10, 10), at(1900, 10), at(-850, 0), at(2500, 100), at(-700, 500)].map((bounds) => visibleBounds(bounds, [screen]) !== null),
  ).toEqual([true, false, false, false, true])
  expect(visibleBounds(at(2500, 100), [screen, { x: 1920, y: 0, width: 1920, height: 1080 }])).toEqual(at(2500, 100))
  expect(visibleBounds(null, [screen])).toBe(null)
})

it('finds its own arguments among those of Chromium and the system', () => {
  expect(
    readArguments([
      '.',
      '--enable-x',
      '--home',
      '/a b',
      '--no-sandbox',
      '--port=0',
      '--owner',
      'a@b.test',
      'countersign://approvals/a',
    ]),
  ).toEqual({
    home: '/a b',
    port: 0,
    owner: 'a@b.test',
  })
  expect(readArguments(['--home', '--port', 'x', '--owner='])).toEqual({ home: null, port: null, owner: null })
  expect(linkOfArguments(['--a', 'COUNTERSIGN://approvals/a1'])).toBe('COUNTERSIGN://approvals/a1')
  expect([approvalOfLink('COUNTERSIGN://approvals/a1'), approvalOfLink('nonsense')]).toEqual(['a1', null])
})

it('expects no tray where GNOME shows none', () => {
  const on = (desktop: string) => trayIsSeen('linux', { XDG_CURRENT_DESKTOP: desktop })
  expect([
    on('GNOME'),
    on('ubuntu:GNOME'),
    on('KDE'),
    on('XFCE'),
    on(''),
    trayIsSeen('darwin', {}),
    trayIsSeen('win32', {}),
  ]).toEqual([false, true, true, true, false, true, true])
})
