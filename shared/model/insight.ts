/*
 * Times to decide are counted in classes: each is about a tenth longer than the one before it. So a median is known to a few percent
 * without keeping every time.
 */

const classesPerDoubling = 8
const shortestMs = 1000

/** The class of a length of time. Everything up to a second is the first. */
export const timeClass = (ms: number): number => (ms <= shortestMs ? 0 : Math.ceil(Math.log2(ms / shortestMs) * classesPerDoubling))
