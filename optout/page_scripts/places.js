// uses: region, around
// Both at once, where what is photographed stands in the page itself and in no frame of it.
(asked) => ({ region: region(asked.region), around: around(asked.around) })
