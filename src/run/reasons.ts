/** Most reasons that are given for a customer's segment. */
export const MOST_REASONS = 3
