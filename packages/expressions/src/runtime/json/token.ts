// biome-ignore-all assist/source/organizeImports: the order of loading
/**
 * Newtonsoft.Json.Linq's tree: import it from here only. The classes know each other, and this order loads each after
 * the one that it extends.
 */
export { JToken } from './j-token.ts';
export { JRaw, JValue } from './j-value.ts';
export { JContainer, jsonException, tokenFromContent } from './j-container.ts';
export { JArray, JConstructor } from './j-array.ts';
export { JObject, JProperty } from './j-object.ts';
