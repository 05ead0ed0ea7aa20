/** The German texts by the names under which the English ones ask for them. */
export const catalogue: Readonly<Record<string, unknown>> = {}
