/** More than what Slack takes. */
export const LONG = "x".repeat(40_001);
export const BLOCKS = Array.from({ length: 51 }, () => ({ type: "divider" }));
export const ATTACHMENTS = Array.from({ length: 101 }, () => ({}));
/** Further fields of a block or attachment. */
export const FIELDS = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`key_${index}`, index]));
