import type { Workflow } from '../engine/workflow.ts'

const nameRule = /^[a-z][a-z0-9_-]{0,63}$/

/** The workflows among a file's exports, each with the code it came from. Throws where one is not as it should be, or there is none. */
export function toWorkflows(exports: Readonly<Record<string, unknown>>, code: string): readonly Workflow[] {
  const found = Object.entries(exports).filter(([, value]) => looksLikeWorkflow(value)) as [string, Workflow][]
  if (found.length === 0) throw new Error('it exports no workflow: write "export const … = defineWorkflow({ … })"')
  const seen = new Set<string>()
  return found.map(([key, workflow]) => {
    const { name, version } = workflow
    if (!nameRule.test(name)) {
      throw new Error(
        `the name ${JSON.stringify(name)} of "${key}" must be lower-case letters, digits, - and _, starting with a letter`,
      )
    }
    if (!Number.isInteger(version) || version < 1) throw new Error(`the version of "${name}" must be a whole number from 1 on`)
    if (typeof workflow.input?.safeParse !== 'function') throw new Error(`the input of "${name}" must be a zod schema`)
    if (seen.has(`${name} ${version}`)) throw new Error(`it exports "${name}" version ${version} twice`)
    seen.add(`${name} ${version}`)
    return { ...workflow, code }
  })
}

function looksLikeWorkflow(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { name, run } = value as Partial<Workflow>
  return typeof name === 'string' && typeof run === 'function'
}
