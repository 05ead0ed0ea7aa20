/** The looks of the documentation page: a file of its own, because the page may hold no inline style. */
export const docsStyle = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); --soft: color-mix(in srgb, currentColor 6%, transparent); }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.55 system-ui, sans-serif; display: grid; grid-template-columns: 21rem minmax(0, 1fr); }
nav { position: sticky; top: 0; align-self: start; height: 100vh; overflow: auto; padding: 1.5rem 1rem; border-right: 1px solid var(--line); font-size: 0.875rem; }
nav h2 { margin: 1.25rem 0 0.25rem; font-size: 0.8125rem; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav a { display: block; padding: 0.2rem 0.5rem; border-radius: 0.3rem; color: inherit; text-decoration: none; overflow-wrap: anywhere; }
nav a:hover { background: var(--soft); }
main { max-width: 54rem; padding: 2rem clamp(1rem, 4vw, 3rem) 6rem; }
h1 { margin: 0 0 0.5rem; line-height: 1.2; }
section { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); }
article { margin-top: 2.25rem; scroll-margin-top: 1rem; }
h3 { margin: 0 0 0.25rem; font: 600 1rem/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
h4 { margin: 1rem 0 0.25rem; font-size: 0.875rem; }
.method { display: inline-block; min-width: 4.2rem; margin-right: 0.5rem; padding: 0 0.4rem; border: 1px solid currentColor; border-radius: 0.3rem; font-size: 0.8125rem; text-align: center; }
pre { margin: 0.25rem 0; padding: 0.75rem 1rem; background: var(--soft); border-radius: 0.4rem; overflow-x: auto; font: 0.8125rem/1.5 ui-monospace, monospace; }
code { font: 0.875em ui-monospace, monospace; }
table { width: 100%; border-collapse: collapse; font-size: 0.875rem; }
th, td { padding: 0.3rem 0.75rem 0.3rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: anywhere; }
a:focus-visible, pre:focus-visible { outline: 2px solid; outline-offset: 2px; }
@media (max-width: 50rem) { body { display: block; } nav { position: static; height: auto; border-right: 0; border-bottom: 1px solid var(--line); } }
`
