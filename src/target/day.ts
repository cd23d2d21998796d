/** A day in UTC as YYYY-MM-DD: days compare as texts do. A date in a file holds until the end of its day. */
export function utcDay(date: Date = new Date(), daysLater = 0): string {
  return new Date(date.getTime() + daysLater * 86_400_000).toISOString().slice(0, 10)
}
