import { type Density, readDensity, readTheme, type Theme, writeDensity, writeTheme } from './store/kept.ts'

/* How the page looks on this device. The styles read it from the root element, lists their row height from here. */

let density = readDensity()
let theme = readTheme()
const heard = new Set<() => void>()

export const densityNow = (): Density => density
export const themeNow = (): Theme | null => theme

/** Before anything is drawn, so that nothing changes its colour while it is looked at. */
export function showAppearance(): void {
  const { dataset } = document.documentElement
  if (theme) dataset.theme = theme
  else delete dataset.theme
  dataset.density = density
  for (const each of heard) each()
}

export function setTheme(chosen: Theme | null): void {
  theme = chosen
  writeTheme(chosen)
  showAppearance()
}

export function setDensity(chosen: Density): void {
  density = chosen
  writeDensity(chosen)
  showAppearance()
}

export function onAppearance(listener: () => void): () => void {
  heard.add(listener)
  return () => heard.delete(listener)
}
