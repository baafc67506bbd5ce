/** The bundler turns a picture into its data: URL. */
declare module "*.png" {
  const dataUrl: string;
  export default dataUrl;
}
