import { useSyncExternalStore } from 'react'
import { densityNow, onAppearance, themeNow } from './appearance.ts'

export const useDensity = () => useSyncExternalStore(onAppearance, densityNow)
export const useTheme = () => useSyncExternalStore(onAppearance, themeNow)

/** In pixels; the styles have the same under `--row`. */
export const rowHeights = { comfortable: 68, compact: 48 } as const
