/** Codes by which Node says that it does not trust a certificate, each in plain words about "it", the certificate. */
export const certificateFaults: Readonly<Record<string, string>> = {
  SELF_SIGNED_CERT_IN_CHAIN: "it is signed by an authority that is not known here",
  DEPTH_ZERO_SELF_SIGNED_CERT: "it is signed by itself",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "it is signed by an authority that is not known here",
  UNABLE_TO_GET_ISSUER_CERT: "it is signed by an authority that is not known here",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "it is signed by an authority that is not known here",
  CERT_HAS_EXPIRED: "it has expired",
  CERT_NOT_YET_VALID: "it is not valid yet; is the clock right?",
  ERR_TLS_CERT_ALTNAME_INVALID: "it is for another host name",
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: "it asks for a certificate of ours, and Parley has none",
};
