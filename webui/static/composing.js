// Tells the keys of an input method, such as spells Chinese, from those that are meant for the page.

// Whether a key belongs to what is being composed. Safari ends that before the key that ended it comes,
// and marks the key by this number alone.
export function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}
