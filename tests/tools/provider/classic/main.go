// A provider of plugin protocol 5, made with the SDK that most providers are made with. It exists nowhere: its resource does
// what real ones do to arguments when they plan, and tells what has reached it.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"sort"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-sdk/v2/diag"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/hashicorp/terraform-plugin-sdk/v2/plugin"
)

func main() {
	plugin.Serve(&plugin.ServeOpts{ProviderFunc: provider})
}

func provider() *schema.Provider {
	text := func() *schema.Schema { return &schema.Schema{Type: schema.TypeString, Optional: true} }
	flag := func() *schema.Schema { return &schema.Schema{Type: schema.TypeBool, Optional: true} }
	return &schema.Provider{
		// The arguments of the AWS provider that matter to how it is configured.
		Schema: map[string]*schema.Schema{
			"region": {Type: schema.TypeString, Optional: true, ValidateFunc: lower}, "profile": text(),
			"access_key": text(), "secret_key": text(), "token": text(),
			"skip_credentials_validation": flag(), "skip_requesting_account_id": flag(),
			"skip_metadata_api_check": text(), "skip_region_validation": flag(),
		},
		ResourcesMap:         map[string]*schema.Resource{"aws_thing": thing()},
		ConfigureContextFunc: configure,
	}
}

// What it is configured with is what its resources know.
func configure(_ context.Context, d *schema.ResourceData) (any, diag.Diagnostics) {
	if d.Get("region") == "nowhere-1" {
		return nil, diag.Errorf("no such region")
	}
	var given []string
	for name := range provider().Schema {
		if value, ok := d.GetOk(name); ok {
			given = append(given, fmt.Sprintf("%s=%v", name, value))
		}
	}
	sort.Strings(given)
	return strings.Join(given, " "), nil
}

func thing() *schema.Resource {
	return &schema.Resource{
		CreateContext: never, ReadContext: never, UpdateContext: never, DeleteContext: never,
		CustomizeDiff: customize,
		Schema: map[string]*schema.Schema{
			"name": {Type: schema.TypeString, Required: true, ValidateFunc: lower},
			// Written anew, as the AWS provider does with policies.
			"policy": {Type: schema.TypeString, Optional: true, StateFunc: normal},
			"kind":   {Type: schema.TypeString, Optional: true, Default: "plain"},
			"mode":   {Type: schema.TypeString, Optional: true},
			"wanted": {Type: schema.TypeInt, Optional: true, ValidateFunc: small},
			"part": {Type: schema.TypeSet, Optional: true, Elem: &schema.Resource{Schema: map[string]*schema.Schema{
				"bucket": {Type: schema.TypeString, Required: true},
				"class":  {Type: schema.TypeString, Optional: true, Default: "standard"},
			}}},
			"arn":         {Type: schema.TypeString, Computed: true},
			"size":        {Type: schema.TypeInt, Computed: true},
			"environment": {Type: schema.TypeString, Computed: true},
			"configured":  {Type: schema.TypeString, Computed: true},
			"made_arn":    {Type: schema.TypeString, Computed: true},
		},
	}
}

func never(context.Context, *schema.ResourceData, any) diag.Diagnostics {
	return diag.Errorf("only plans are made")
}

func lower(value any, name string) (warnings []string, errors []error) {
	if text, _ := value.(string); text != strings.ToLower(text) {
		errors = append(errors, fmt.Errorf("%s must be lower case: %s", name, text))
	}
	return
}

func small(value any, name string) (warnings []string, errors []error) {
	if number, _ := value.(int); number > 1000 {
		errors = append(errors, fmt.Errorf("%s must not be more than 1000: %d", name, number))
	}
	return
}

func normal(value any) string {
	var parsed any
	if json.Unmarshal([]byte(value.(string)), &parsed) != nil {
		return value.(string)
	}
	text, _ := json.Marshal(parsed)
	return string(text)
}

func customize(_ context.Context, d *schema.ResourceDiff, meta any) error {
	switch d.Get("mode") {
	case "refuse":
		return fmt.Errorf("mode refuse is refused")
	case "panic":
		panic("mode panic")
	case "sleep":
		time.Sleep(time.Minute)
	case "network":
		_, err := http.Get("https://sts.amazonaws.com/")
		return err
	case "lower":
		// A rule about the real value, which is asked for as soon as it is known.
		if d.NewValueKnown("policy") && strings.ToLower(d.Get("policy").(string)) != d.Get("policy") {
			return fmt.Errorf("a policy in upper case is refused")
		}
	}
	environment := os.Environ()
	sort.Strings(environment)
	configured, _ := meta.(string)
	for name, value := range map[string]string{
		"environment": strings.Join(environment, "\n"),
		"configured":  configured,
		"made_arn":    "arn:aws:sns:eu-west-1::" + d.Get("name").(string),
	} {
		if err := d.SetNew(name, value); err != nil {
			return err
		}
	}
	return nil
}
