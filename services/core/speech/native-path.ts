/**
 * Where native code finds a file of the app. In a package, files that native code opens lie beside the archive,
 * in app.asar.unpacked; Node sees them in both places, native code only there. Other paths stay as they are.
 */
export function nativePath(file: string): string {
  return file.replace(/([\\/])app\.asar(?=[\\/])/, "$1app.asar.unpacked");
}
