/** What somebody types that can only be a number: digits, and what stands between them. */
export const looksDialled = (text: string): boolean =>
  /^[+(\d][\d\s().\-/]*$/.test(text) && text.replace(/\D/g, '').length >= 6;
