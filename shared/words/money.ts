/** An amount for reading: thousands grouped, decimals as they were sent, the currency's code in front. */
export function moneyText(amount: number | string, currency: string | null): string {
  const sent = String(amount)
  const parts = /^(-?)(\d+)(?:\.(\d+))?$/.exec(sent)
  let text = sent
  if (parts !== null) {
    const [, sign = '', whole = '', decimals] = parts
    const shown = typeof amount === 'number' && decimals?.length === 1 ? `${decimals}0` : decimals
    text = `${sign}${whole.replace(/\B(?=(?:\d{3})+$)/g, ',')}${shown === undefined ? '' : `.${shown}`}`
  }
  return currency === null ? text : `${currency} ${text}`
}
