import { createPlaces } from "#host/places";

export const places = createPlaces(new URL("./", import.meta.url), process.env);
