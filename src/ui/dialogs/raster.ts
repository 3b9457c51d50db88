// A picture of dots made of an SVG picture, by the browser.

/** Dots per pixel of the drawing: sharp on fine screens and in documents. */
const density = 2;

/** Longest side that every browser can draw [dots]. */
const sideMax = 8192;

/** The PNG of an SVG text, at twice its size or as large as browsers can; undefined when this one cannot draw it. */
export async function pngOf(svg: string): Promise<Blob | undefined> {
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const longest = Math.max(image.naturalWidth, image.naturalHeight, 1);
    const scale = Math.min(density, sideMax / longest);
    const sheet = document.createElement("canvas");
    sheet.width = Math.max(1, Math.round(image.naturalWidth * scale));
    sheet.height = Math.max(1, Math.round(image.naturalHeight * scale));
    const context = sheet.getContext("2d");
    if (context === null) return undefined;
    context.drawImage(image, 0, 0, sheet.width, sheet.height);
    return await new Promise<Blob | undefined>((resolve) =>
      sheet.toBlob((blob) => resolve(blob ?? undefined), "image/png"),
    );
  } catch {
    return undefined;
  } finally {
    URL.revokeObjectURL(address);
  }
}
