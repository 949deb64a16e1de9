const wholeNumber = new Intl.NumberFormat("en");

/** "1 route", "1,204 routes", "no routes". */
export function countText(count: number, noun: string): string {
  return `${count === 0 ? "no" : wholeNumber.format(count)} ${noun}${count === 1 ? "" : "s"}`;
}
