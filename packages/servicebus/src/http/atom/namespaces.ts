/** XML namespaces of the administration. */
export const atom = 'http://www.w3.org/2005/Atom';
export const connect = 'http://schemas.microsoft.com/netservices/2010/10/servicebus/connect';
export const counts = 'http://schemas.microsoft.com/netservices/2011/06/servicebus';
export const schema = 'http://www.w3.org/2001/XMLSchema';
export const instance = 'http://www.w3.org/2001/XMLSchema-instance';
export const serialization = 'http://schemas.microsoft.com/2003/10/Serialization/';
