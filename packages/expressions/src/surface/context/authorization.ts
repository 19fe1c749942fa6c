import { netType, type Uniform } from '../../runtime/values.ts';
import { declareType, type TypeDeclaration } from '../declare.ts';
import { MapDictionary } from './dictionaries.ts';

/** What get-authorization-context stores in its variable. */
export class Authorization {
  get [netType](): string {
    return 'Microsoft.Azure.ApiManagement.Authorization';
  }
  readonly accessToken: string;
  readonly claims: ReadonlyMap<string, Uniform>;
  constructor(accessToken: string, claims: ReadonlyMap<string, Uniform>) {
    this.accessToken = accessToken;
    this.claims = claims;
  }
}

/** The UNIFORM `Authorization` for get-authorization-context. Claims are UNIFORM. */
export function authorizationValue(accessToken: string, claims: ReadonlyMap<string, Uniform>): Authorization {
  return new Authorization(accessToken, claims);
}

export const authorizationType: TypeDeclaration = declareType({
  name: 'Microsoft.Azure.ApiManagement.Authorization',
  kind: 'class',
  test: (value) => value instanceof Authorization,
  members: {
    'string AccessToken { get; }': (self: Authorization) => self.accessToken,
    'IReadOnlyDictionary<string, object> Claims { get; }': (self: Authorization) =>
      new MapDictionary('System.Object', self.claims),
  },
});
