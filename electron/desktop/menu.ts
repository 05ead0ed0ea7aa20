import { app, Menu, type MenuItemConstructorOptions } from 'electron'
import type { HostWords } from '../../shared/words/host.ts'

type Item = MenuItemConstructorOptions
type Labels = HostWords['menu']

const line: Item = { type: 'separator' }

/** The application's menu: the roles a person expects, where the system expects them. A role's own label would be English. */
export function installMenu(
  words: HostWords,
  options: { readonly mac: boolean; readonly packaged: boolean; readonly onShow: () => void },
): void {
  const { menu } = words
  const about: Item = { role: 'about', label: menu.about(app.name) }
  const quit: Item = { role: 'quit', label: options.mac ? words.tray.quit : menu.exit }
  const close: Item = { role: 'close', label: menu.close }
  const file: Item[] = [{ label: menu.show, click: options.onShow }, line, close, ...(options.mac ? [] : [quit])]
  const template: Item[] = [
    { label: menu.file, submenu: file },
    { label: menu.edit, submenu: editItems(menu) },
    { label: menu.view, submenu: viewItems(menu, options.packaged) },
    { role: 'window', label: menu.window, submenu: windowItems(menu, options.mac) },
    { role: 'help', label: menu.help, submenu: [about] },
  ]
  if (options.mac) template.unshift({ label: app.name, submenu: [about, line, ...macItems(menu), line, quit] })
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}

const editItems = (menu: Labels): Item[] => [
  { role: 'undo', label: menu.undo },
  { role: 'redo', label: menu.redo },
  line,
  { role: 'cut', label: menu.cut },
  { role: 'copy', label: menu.copy },
  { role: 'paste', label: menu.paste },
  { role: 'delete', label: menu.delete },
  line,
  { role: 'selectAll', label: menu.selectAll },
]

const viewItems = (menu: Labels, packaged: boolean): Item[] => [
  { role: 'reload', label: menu.reload },
  line,
  { role: 'resetZoom', label: menu.resetZoom },
  { role: 'zoomIn', label: menu.zoomIn },
  { role: 'zoomOut', label: menu.zoomOut },
  line,
  { role: 'togglefullscreen', label: menu.fullScreen },
  ...(packaged ? [] : [{ role: 'toggleDevTools', label: menu.devTools } as const]),
]

const windowItems = (menu: Labels, mac: boolean): Item[] => [
  { role: 'minimize', label: menu.minimize },
  { role: 'zoom', label: menu.zoom },
  ...(mac ? [line, { role: 'front', label: menu.front } as const] : [{ role: 'close', label: menu.close } as const]),
]

const macItems = (menu: Labels): Item[] => [
  { role: 'services', label: menu.services },
  line,
  { role: 'hide', label: menu.hide(app.name) },
  { role: 'hideOthers', label: menu.hideOthers },
  { role: 'unhide', label: menu.showAll },
]
