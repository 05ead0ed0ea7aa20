import * as written from '../language.ts'

/*
 * Figures inside a sentence. Intl joins them with spaces that do not break, which the page draws as what they are: in a sender's text
 * they would be odd. This file and all that is in the catalogue may import language.ts alone: it is what there is before a language is
 * chosen.
 */

const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ')

export const number = (value: number, digits = 0): string => plain(written.number(value, digits))
export const money = (amount: number | string, currency: string | null): string => plain(written.money(amount, currency))
