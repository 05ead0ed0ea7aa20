import { contextBridge, ipcRenderer } from 'electron'
import { approvalIdPattern, connectChannel, openChannel, portChannel } from './channels.ts'

/**
 * Runs before the page, apart from it. The page says `countersign:ready` and gets one message port to the application; the ids of
 * requests that a notification or a link opens. Nothing of Electron reaches the page.
 */
contextBridge.exposeInMainWorld('countersign', { host: 'desktop' })

window.addEventListener('message', (event) => {
  if (event.source === window && event.data?.type === 'countersign:ready') ipcRenderer.send(connectChannel)
})
ipcRenderer.on(portChannel, (event) => {
  window.postMessage({ type: 'countersign:port' }, window.location.origin, [...event.ports])
})
ipcRenderer.on(openChannel, (_event, approvalId: unknown) => {
  if (typeof approvalId !== 'string' || !approvalIdPattern.test(approvalId)) return
  window.postMessage({ type: 'countersign:open', approval_id: approvalId }, window.location.origin)
})
