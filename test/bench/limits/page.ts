import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const row = (n: number) =>
  `<div role="listitem" style="height:60px"><a href="#r${n}"><b>Refund for order 88-${n}</b> 1,240.50 EUR, shop-backend, due tomorrow</a></div>`

/** A list of rows and a heading: what a browser needs to show an inbox, and no program that makes it. As tall as so many rows. */
const page = (count: number) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>Inbox</title>
<style>body{margin:0;font:14px sans-serif}main{display:flex;height:100vh}section{width:420px;overflow:auto}</style>
<main><section><div role="list" aria-label="Inbox" style="height:${count * 60}px">${Array.from({ length: 50 }, (_, n) => row(n)).join('')}</div></section>
<article><h1 id="request-title">Refund 0</h1></article></main>
<script>let n=0;addEventListener('keydown',()=>{document.getElementById('request-title').textContent='Refund '+ ++n})</script>`

/** The page on an address of its own. */
export async function servePage(count: number): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end(page(count))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close }
}
