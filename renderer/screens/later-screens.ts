/* Parts that the first screen does not show. Their code is fetched when the list is there, the likeliest first. */

export const detail = async () => (await import('./detail.tsx')).Detail
export const bulkPane = async () => (await import('./bulk-pane.tsx')).BulkPane
export const decisionDialogs = async () => (await import('./decision-sheets.tsx')).DecisionDialogs
export const palette = async () => (await import('./palette.tsx')).Palette
export const saveFilter = async () => (await import('./saved-filters.tsx')).SaveFilter
export const arrangeFilters = async () => (await import('./saved-filters.tsx')).ArrangeFilters
export const keySheet = async () => (await import('./key-sheet.tsx')).KeySheet
