// Two buckets behind a Multi-Region Access Point, of which only the SDK of Pulumi itself is needed: that of the AWS provider takes
// minutes to compile. The policy of bucket NAME is NAME.json, where ${arn} stands for the ARN of the access point.
package main

import (
	"os"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

type accessPoint struct {
	pulumi.CustomResourceState
	Arn pulumi.StringOutput `pulumi:"arn"`
}

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		names := []string{"orders-london", "orders-osaka"}
		buckets := make([]pulumi.CustomResourceState, len(names))
		regions := pulumi.Array{}
		for index, name := range names {
			arguments := pulumi.Map{"bucket": pulumi.String(name)}
			if err := ctx.RegisterResource("aws:s3/bucket:Bucket", name, arguments, &buckets[index]); err != nil {
				return err
			}
			regions = append(regions, pulumi.Map{"bucket": buckets[index].ID()})
		}

		var orders accessPoint
		arguments := pulumi.Map{"details": pulumi.Map{"name": pulumi.String("orders"), "regions": regions}}
		kind := "aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint"
		if err := ctx.RegisterResource(kind, "orders", arguments, &orders); err != nil {
			return err
		}

		for index, name := range names {
			text, err := os.ReadFile(name + ".json")
			if err != nil {
				return err
			}
			policy := orders.Arn.ApplyT(func(arn string) string {
				return strings.ReplaceAll(string(text), "${arn}", arn)
			})
			arguments := pulumi.Map{"bucket": buckets[index].ID(), "policy": policy.(pulumi.StringOutput)}
			var attached pulumi.CustomResourceState
			if err := ctx.RegisterResource("aws:s3/bucketPolicy:BucketPolicy", name+"-policy", arguments, &attached); err != nil {
				return err
			}
		}
		return nil
	})
}
