/** Are two header names the same, whatever their case (ASCII, as RFC 9110 section 5.1 has it)? Allocates nothing. */
export function sameName(a: string, b: string): boolean {
  if (a === b) return true;
  const { length } = a;
  if (length !== b.length) return false;
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    // Letters differ in one bit; so do other characters, which are not the same for that.
    const lower = x | caseBit;
    if ((x ^ y) !== caseBit || lower < smallA || lower > smallZ) return false;
  }
  return true;
}

const caseBit = 0x20;
const smallA = 0x61;
const smallZ = 0x7a;
