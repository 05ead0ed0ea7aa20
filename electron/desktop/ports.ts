import { experimental_RPCHandler as RPCHandler } from '@orpc/server/crossws'
import { type IpcMainEvent, ipcMain, MessageChannelMain, type MessagePortMain, type WebContents } from 'electron'
import type { RequestContext } from '../core/context.ts'
import type { CoreApp } from './core-app.ts'
import { isOurs } from './origin.ts'
import { connectChannel, portChannel } from './preload/channels.ts'

/** Larger than anything the contract takes; what is larger is not from our page. */
const largestMessage = 8 * 1024 * 1024

/** Whether this message comes from our page itself: the main frame of our window, at our origin. */
function isFromOurPage(event: Pick<IpcMainEvent, 'sender' | 'senderFrame'>, contents: WebContents | null): boolean {
  const frame = event.senderFrame
  if (!frame || !contents || event.sender !== contents) return false
  return frame === contents.mainFrame && frame.parent === null && isOurs(frame.url)
}

type PortsDeps = {
  readonly app: Pick<CoreApp, 'router' | 'ownerCaller'>
  /** The window's contents, while there is one. */
  readonly contents: () => WebContents | null
  readonly onConnected: () => void
  readonly onRefused: (reason: string) => void
}

/**
 * Hands the page its end of a channel to the router. This is the only message the main process listens to, and the one place where
 * a sender is vetted. A page has one port: a new one ends the one before.
 */
export function servePorts({ app, contents, onConnected, onRefused }: PortsDeps): { closePort(): void; stop(): void } {
  const handler = new RPCHandler<RequestContext>(app.router)
  let current: MessagePortMain | null = null

  const closePort = () => {
    current?.close()
    current = null
  }

  const connect = (event: IpcMainEvent) => {
    const frame = event.senderFrame
    if (!isFromOurPage(event, contents()) || !frame)
      return onRefused(`a port was asked for by ${frame?.url ?? 'a frame that is gone'}`)
    closePort()
    const { port1, port2 } = new MessageChannelMain()
    current = port1
    // The message-port adapter of oRPC drops the promise of each message, so that one broken message would be an unhandled rejection
    // and end the process. This adapter speaks the same wire and lets it be awaited.
    const peer = { send: (message: unknown) => port1.postMessage(message) }
    port1.on('message', ({ data }) => {
      if (typeof data !== 'string' || data.length > largestMessage) return onRefused('a message was not of the kind our page sends')
      const message = { rawData: data, uint8Array: () => new TextEncoder().encode(data) }
      handler
        .message(peer, message, { context: { caller: app.ownerCaller('desktop') } })
        .catch((error: unknown) => onRefused(`a message could not be handled: ${error instanceof Error ? error.message : error}`))
    })
    port1.on('close', () => handler.close(peer))
    port1.start()
    frame.postMessage(portChannel, null, [port2])
    onConnected()
  }

  ipcMain.on(connectChannel, connect)
  return {
    closePort,
    stop() {
      ipcMain.removeListener(connectChannel, connect)
      closePort()
    },
  }
}
