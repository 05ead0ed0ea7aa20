import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AppOptions } from '../../../electron/core/app.ts'
import { newHome, openTestApp, type TestApp } from '../../support/app.ts'
import { FakeClock } from '../../support/fake-clock.ts'

/** A word that occurs nowhere else, also as the search index spells it. */
export const secret = 'quixoticzebra77'

export type Scene = TestApp & { readonly clock: FakeClock }

/** The application over a home whose answers leave at once. */
export async function openScene(config = '', options: Partial<AppOptions> = {}): Promise<Scene> {
  const home = options.home ?? newHome()
  if (!options.home) writeFileSync(join(home, 'config.yaml'), `undo: { seconds: 0 }\nmodel: { enabled: false }\n${config}`)
  const clock = (options.clock as FakeClock | undefined) ?? new FakeClock()
  return { ...(await openTestApp({ ...options, home, clock })), clock }
}

/** A request that says the secret wherever senders and people can say something. */
export async function ask(scene: TestApp, type = 'refund', word = secret): Promise<{ task_id: string; approval_id: string }> {
  const { task_id } = await scene.source.requests.submitRequest({
    type,
    title: `Refund for ${word}`,
    description: `${word} is unhappy`,
    amount: 40,
    currency: 'EUR',
    requester: `${word}@example.com`,
    data: { customer: word, note: `x ${word} y` },
  })
  const { pending } = await scene.owner.tasks.pending({ task_id })
  return { task_id, approval_id: pending[0]!.approval_id }
}

export async function askAndDecide(scene: TestApp, type = 'refund', word = secret) {
  const asked = await ask(scene, type, word)
  await scene.owner.approvals.decide({ approval_id: asked.approval_id, decision: 'approve', comment: `${word} may have it` })
  await scene.owner.tasks.wait({ task_id: asked.task_id, timeout_seconds: 5 })
  return asked
}

/** Files of a home in which a text stands, whatever its case. */
export function filesWith(home: string, text: string, folder = ''): readonly string[] {
  return readdirSync(join(home, folder)).flatMap((name) => {
    const path = join(folder, name)
    if (statSync(join(home, path)).isDirectory()) return filesWith(home, text, path)
    return readFileSync(join(home, path)).toString('latin1').toLowerCase().includes(text.toLowerCase()) ? [path] : []
  })
}
