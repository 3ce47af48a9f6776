/** Something outside of the program cannot be used: the message says what and why, for people. `/_authz` answers with the status. */
export class UnavailableError extends Error {
  readonly status = 503;
}
