import { Menu, type MenuItemConstructorOptions } from 'electron'

/** The application's menu: the roles a person expects, where the system expects them. */
export function installMenu(options: { readonly mac: boolean; readonly packaged: boolean; readonly onShow: () => void }): void {
  const view: MenuItemConstructorOptions[] = [
    { role: 'reload' },
    { type: 'separator' },
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
  ]
  if (!options.packaged) view.push({ role: 'toggleDevTools' })
  const template: MenuItemConstructorOptions[] = [
    {
      label: '&File',
      submenu: [
        { label: 'Show Inbox', click: options.onShow },
        { type: 'separator' },
        { role: 'close' },
        ...(options.mac ? [] : [{ role: 'quit' } as const]),
      ],
    },
    { role: 'editMenu' },
    { label: '&View', submenu: view },
    { role: 'windowMenu' },
    { role: 'help', submenu: [{ role: 'about' }] },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(options.mac ? [{ role: 'appMenu' }, ...template] : template))
}
