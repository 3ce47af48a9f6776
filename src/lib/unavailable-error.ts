/** A service that the program needs cannot be used: the message says which and why. `/_authz` responds with the status. */
export class UnavailableError extends Error {
  readonly status = 503;
}
