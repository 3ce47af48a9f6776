/** Set in the environment of a worker. */
export const WORKER_VARIABLE = 'PERSONALIZE_AUTHZ_PROXY_WORKER';
