/** Put in by the build; absent when the sources run as they are. */
declare const STEPWIRE_VERSION: string | undefined;

export const VERSION = typeof STEPWIRE_VERSION === "string" ? STEPWIRE_VERSION : "0.0.0-source";
