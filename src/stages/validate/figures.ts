/** 1234567 as `1,234,567`; written by hand because the text is digested and must not follow the machine's locale data. */
export function formatCount(count: number): string {
  return group(String(count))
}

/** 0.1234 as `12.3 %`. */
export function formatShare(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

/** A figure as people write it: two digits behind the point below 100, none above, zeros behind the point left out. */
export function formatFigure(value: number): string {
  const text = Math.abs(value) < 100 ? value.toFixed(2).replace(/\.?0+$/, '') : value.toFixed(0)
  return group(text === '-0' ? '0' : text)
}

function group(text: string): string {
  const [whole, fraction] = text.split('.')
  const grouped = whole!.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}
