/** Where Vilnius is, in radians and minutes of longitude east of Greenwich. */
const latitude = (54.69 * Math.PI) / 180;
const solarMinutes = 25.28 * 4;

/** Panels stand at 35 degrees, close to the best of the city's latitude whichever way they look. */
const tilt = (35 * Math.PI) / 180;

/**
 * The light on panels that look to an azimuth in degrees from north, in thousandths of that of a clear noon upon them at right
 * angles: the sun's height and direction by the usual formulas of solar geometry, its declination by Cooper's (1969),
 * dimmed by the clouds by Kasten and Czeplak's (1980); a tenth of the light comes from the whole sky.
 */
export function sunOn(azimuth: 90 | 180 | 270, minutes: number, cloudPercent: number): number {
  const date = new Date(minutes * 60_000);
  const day = Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;
  const declination = ((23.45 * Math.PI) / 180) * Math.sin((2 * Math.PI * (284 + day)) / 365);
  const hourAngle = ((((minutes + solarMinutes) % 1440) - 720) / 720) * Math.PI;
  const height =
    Math.sin(latitude) * Math.sin(declination) + Math.cos(latitude) * Math.cos(declination) * Math.cos(hourAngle);
  if (height <= 0) return 0;
  const south =
    Math.cos(hourAngle) * Math.cos(declination) * Math.sin(latitude) - Math.sin(declination) * Math.cos(latitude);
  const west = Math.cos(declination) * Math.sin(hourAngle);
  const towards = azimuth === 180 ? south : azimuth === 270 ? west : -west;
  const direct = Math.max(0, height * Math.cos(tilt) + towards * Math.sin(tilt));
  // Low light has a longer way through the air.
  const clear = direct * 0.7 ** (1 / (height + 0.1)) * 1.3 + 0.1 * height;
  return Math.round(1000 * Math.min(1, clear) * (1 - 0.75 * (cloudPercent / 100) ** 3.4));
}
