import './styles.css'
import './decide.css'
import './styles-screens.css'
import { showAppearance } from './appearance.ts'
import { language, speak, systemLanguage } from './language.ts'
import { readLanguage } from './store/kept.ts'

/** The German texts are fetched by those who read them; without them the page speaks English. */
async function chooseLanguage(): Promise<void> {
  const wanted = readLanguage() ?? systemLanguage()
  if (wanted === 'de') {
    try {
      const { catalogue, failures, sentences } = await import('./de/catalogue.ts')
      speak('de', catalogue, { failures, sentences })
    } catch {
      speak('en', {})
    }
  }
}

/** Nothing is awaited at the top level: what is fetched may itself wait for this module. */
async function begin(): Promise<void> {
  await chooseLanguage()
  document.documentElement.lang = language
  await import('./start.tsx')
}

showAppearance()
void begin()
