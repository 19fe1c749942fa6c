/** Values of `properties.type`. */
export const apiTypes = ['http', 'soap', 'websocket', 'graphql', 'odata', 'grpc'];
