/** Session keys are asked for that are not to be had: not saved, given up, or of a connection that is over. */
export class KeysUnavailable extends Error {}
