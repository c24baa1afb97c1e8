/** The SDK's ES module, which its package describes only under the name of the older build. */
declare module 'tim-js-sdk/tim-js.es.js' {
  export { default } from 'tim-js-sdk';
}
