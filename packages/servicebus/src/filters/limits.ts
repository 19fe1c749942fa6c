/** Characters of a filter or of an action ("Service Bus quotas": length of a filter condition string, of a rule action string). */
export const maxStatementLength = 1024;
/** "Service Bus quotas": expressions of a rule action. */
export const maxActionStatements = 32;
/** Parentheses, `NOT`s, signs and `property(…)` inside of each other: keeps the parser off the end of the stack. */
export const maxNesting = 64;
/** Characters of a text that an expression may make: as much as all properties of a message may take. */
export const maxTextLength = 65_536;
