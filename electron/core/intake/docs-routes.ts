import type { FastifyInstance } from 'fastify'
import { toDocsPage } from './docs.ts'
import { docsStyle } from './docs-style.ts'
import { type OpenApiDocument, toOpenApi } from './openapi.ts'
import type { Tree } from './procedures.ts'
import { pageHeaders } from './static.ts'

/** `/openapi.json` and a readable page made from it. Both say only what anybody who has the program knows already. */
export function registerDocs(app: FastifyInstance, contract: Tree, version: string): void {
  // Made at the first question: no start should wait for it.
  let made: Promise<{ document: OpenApiDocument; text: string }> | undefined
  const load = () => {
    made ??= toOpenApi(contract, version).then((document) => ({ document, text: JSON.stringify(document, null, 2) }))
    return made
  }
  app.get('/openapi.json', async (_request, reply) => reply.type('application/json; charset=utf-8').send((await load()).text))
  app.get('/docs', async (request, reply) => {
    const base = `http://${request.headers.host}`
    return reply
      .headers(pageHeaders)
      .type('text/html; charset=utf-8')
      .send(toDocsPage((await load()).document, base))
  })
  app.get('/docs.css', (_request, reply) => reply.headers(pageHeaders).type('text/css; charset=utf-8').send(docsStyle))
}
