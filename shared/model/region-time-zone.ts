/** Time zones of the regions outside the Chinese mainland ("Regions and zones", ECS manual). */
const zones: Readonly<Record<string, string>> = {
  'cn-hongkong': 'Asia/Hong_Kong',
  'ap-northeast-1': 'Asia/Tokyo',
  'ap-northeast-2': 'Asia/Seoul',
  'ap-south-1': 'Asia/Kolkata',
  'ap-southeast-1': 'Asia/Singapore',
  'ap-southeast-2': 'Australia/Sydney',
  'ap-southeast-3': 'Asia/Kuala_Lumpur',
  'ap-southeast-5': 'Asia/Jakarta',
  'ap-southeast-6': 'Asia/Manila',
  'ap-southeast-7': 'Asia/Bangkok',
  'eu-central-1': 'Europe/Berlin',
  'eu-west-1': 'Europe/London',
  'eu-west-2': 'Europe/Paris',
  'me-central-1': 'Asia/Riyadh',
  'me-east-1': 'Asia/Dubai',
  'na-south-1': 'America/Mexico_City',
  'us-east-1': 'America/New_York',
  'us-southeast-1': 'America/New_York',
  'us-west-1': 'America/Los_Angeles',
}

/** The time zone of a region: all of the Chinese mainland has one; that of a region which is not known here is UTC. */
export const timeZoneOf = (region: string): string =>
  zones[region] ?? (region.startsWith('cn-') ? 'Asia/Shanghai' : 'UTC')
